package io.github.grokspring.tool;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Server-side tool that searches posts and profiles on X.
 *
 * @param allowedHandles the handles to search exclusively, at most 20, or empty; a
 * leading {@code @} is removed
 * @param excludedHandles the handles to exclude, at most 20, or empty; must not be
 * combined with allowed handles
 * @param fromDate the first day to search, or {@code null}
 * @param toDate the last day to search, or {@code null}
 * @param imageUnderstanding whether to analyze images in posts, or {@code null} for the
 * default of xAI
 * @param videoUnderstanding whether to analyze videos in posts, or {@code null} for the
 * default of xAI
 * @since 0.1.0
 */
public record XSearch(List<String> allowedHandles, List<String> excludedHandles, @Nullable LocalDate fromDate,
		@Nullable LocalDate toDate, @Nullable Boolean imageUnderstanding,
		@Nullable Boolean videoUnderstanding) implements ServerTool {

	/** Maximum number of handles. */
	public static final int MAX_HANDLES = 20;

	/**
	 * Creates a new {@code XSearch} instance.
	 * @throws IllegalArgumentException if xAI would reject a parameter; the message names
	 * it
	 */
	public XSearch {
		allowedHandles = ToolAssert.handles("allowedHandles", allowedHandles, MAX_HANDLES);
		excludedHandles = ToolAssert.handles("excludedHandles", excludedHandles, MAX_HANDLES);
		ToolAssert.mutuallyExclusive("allowedHandles", allowedHandles, "excludedHandles", excludedHandles);
		if (fromDate != null && toDate != null && toDate.isBefore(fromDate)) {
			throw new IllegalArgumentException(
					"'toDate' is " + toDate + " but must not be before 'fromDate', which is " + fromDate);
		}
	}

	/**
	 * Returns a copy of this tool that searches only posts of the given handles.
	 * @param handles the handles to search
	 * @return a new tool
	 */
	public XSearch withAllowedHandles(String... handles) {
		return new XSearch(List.of(handles), List.of(), this.fromDate, this.toDate, this.imageUnderstanding,
				this.videoUnderstanding);
	}

	/**
	 * Returns a copy of this tool that excludes posts of the given handles.
	 * @param handles the handles to exclude
	 * @return a new tool
	 */
	public XSearch withExcludedHandles(String... handles) {
		return new XSearch(List.of(), List.of(handles), this.fromDate, this.toDate, this.imageUnderstanding,
				this.videoUnderstanding);
	}

	/**
	 * Returns a copy of this tool with a different date range.
	 * @param fromDate the first day, {@code null} for no limit
	 * @param toDate the last day, {@code null} for no limit
	 * @return a new tool
	 */
	public XSearch between(@Nullable LocalDate fromDate, @Nullable LocalDate toDate) {
		return new XSearch(this.allowedHandles, this.excludedHandles, fromDate, toDate, this.imageUnderstanding,
				this.videoUnderstanding);
	}

	/**
	 * Returns a copy of this tool with a different first day.
	 * @param fromDate the first day, {@code null} for no limit
	 * @return a new tool
	 */
	public XSearch withFromDate(@Nullable LocalDate fromDate) {
		return between(fromDate, this.toDate);
	}

	/**
	 * Returns a copy of this tool with a different last day.
	 * @param toDate the last day, {@code null} for no limit
	 * @return a new tool
	 */
	public XSearch withToDate(@Nullable LocalDate toDate) {
		return between(this.fromDate, toDate);
	}

	/**
	 * Returns a copy of this tool with image understanding turned on or off.
	 * @param imageUnderstanding whether to analyze images in posts
	 * @return a new tool
	 */
	public XSearch withImageUnderstanding(boolean imageUnderstanding) {
		return new XSearch(this.allowedHandles, this.excludedHandles, this.fromDate, this.toDate, imageUnderstanding,
				this.videoUnderstanding);
	}

	/**
	 * Returns a copy of this tool with video understanding turned on or off.
	 * @param videoUnderstanding whether to analyze videos in posts
	 * @return a new tool
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
