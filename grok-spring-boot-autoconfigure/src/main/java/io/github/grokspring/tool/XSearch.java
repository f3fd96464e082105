package io.github.grokspring.tool;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Searches posts and people on X.
 *
 * @param allowedHandles the only handles whose posts are searched, at most 20, or empty;
 * a leading {@code @} is taken off
 * @param excludedHandles handles whose posts are not searched, at most 20, or empty; not
 * together with allowed ones
 * @param fromDate the first day to search, or {@code null}
 * @param toDate the last day to search, or {@code null}
 * @param imageUnderstanding whether pictures in posts are looked at, or {@code null}
 * @param videoUnderstanding whether videos in posts are looked at, or {@code null}
 * @since 0.1.0
 */
public record XSearch(List<String> allowedHandles, List<String> excludedHandles, @Nullable LocalDate fromDate,
		@Nullable LocalDate toDate, @Nullable Boolean imageUnderstanding,
		@Nullable Boolean videoUnderstanding) implements ServerTool {

	/** How many handles xAI takes. */
	public static final int MAX_HANDLES = 20;

	/**
	 * Check handles and days.
	 * @throws IllegalArgumentException if xAI would refuse them, naming the parameter
	 */
	public XSearch {
		allowedHandles = ToolAssert.handles("allowedHandles", allowedHandles, MAX_HANDLES);
		excludedHandles = ToolAssert.handles("excludedHandles", excludedHandles, MAX_HANDLES);
		ToolAssert.eitherOr("allowedHandles", allowedHandles, "excludedHandles", excludedHandles);
		if (fromDate != null && toDate != null && toDate.isBefore(fromDate)) {
			throw new IllegalArgumentException(
					"'toDate' is " + toDate + " and must not be before 'fromDate', which is " + fromDate);
		}
	}

	/**
	 * The same tool on the posts of some handles only.
	 * @param handles the only handles
	 * @return a tool
	 */
	public XSearch withAllowedHandles(String... handles) {
		return new XSearch(List.of(handles), List.of(), this.fromDate, this.toDate, this.imageUnderstanding,
				this.videoUnderstanding);
	}

	/**
	 * The same tool without the posts of some handles.
	 * @param handles the handles
	 * @return a tool
	 */
	public XSearch withExcludedHandles(String... handles) {
		return new XSearch(List.of(), List.of(handles), this.fromDate, this.toDate, this.imageUnderstanding,
				this.videoUnderstanding);
	}

	/**
	 * The same tool on the posts of some days.
	 * @param fromDate the first day, {@code null} for no limit
	 * @param toDate the last day, {@code null} for no limit
	 * @return a tool
	 */
	public XSearch between(@Nullable LocalDate fromDate, @Nullable LocalDate toDate) {
		return new XSearch(this.allowedHandles, this.excludedHandles, fromDate, toDate, this.imageUnderstanding,
				this.videoUnderstanding);
	}

	/**
	 * The same tool on posts from a day on.
	 * @param fromDate the first day, {@code null} for no limit
	 * @return a tool
	 */
	public XSearch withFromDate(@Nullable LocalDate fromDate) {
		return between(fromDate, this.toDate);
	}

	/**
	 * The same tool on posts up to a day.
	 * @param toDate the last day, {@code null} for no limit
	 * @return a tool
	 */
	public XSearch withToDate(@Nullable LocalDate toDate) {
		return between(this.fromDate, toDate);
	}

	/**
	 * The same tool with or without a look at the pictures in posts.
	 * @param imageUnderstanding whether pictures are looked at
	 * @return a tool
	 */
	public XSearch withImageUnderstanding(boolean imageUnderstanding) {
		return new XSearch(this.allowedHandles, this.excludedHandles, this.fromDate, this.toDate, imageUnderstanding,
				this.videoUnderstanding);
	}

	/**
	 * The same tool with or without a look at the videos in posts.
	 * @param videoUnderstanding whether videos are looked at
	 * @return a tool
	 */
	public XSearch withVideoUnderstanding(boolean videoUnderstanding) {
		return new XSearch(this.allowedHandles, this.excludedHandles, this.fromDate, this.toDate,
				this.imageUnderstanding, videoUnderstanding);
	}

	@Override
	public String type() {
		return "x_search";
	}

	@Override
	public Map<String, Object> fields() {
		return new ToolFields(type()).list("allowed_x_handles", this.allowedHandles)
			.list("excluded_x_handles", this.excludedHandles)
			.text("from_date", this.fromDate)
			.text("to_date", this.toDate)
			.value("enable_image_understanding", this.imageUnderstanding)
			.value("enable_video_understanding", this.videoUnderstanding)
			.toMap();
	}

}
