package io.github.grokspring.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * Why a request cannot be sent yet.
 *
 * @param limit the limit that was reached
 * @param nanos expected wait in nanoseconds
 * @param description the limit, as the subject of a sentence
 * @param rate the exhausted rate, or {@code null} during a cooldown
 * @param learned whether the limit is one of xAI instead of this application
 */
record WaitReason(LimitType limit, long nanos, String description, @Nullable Rate rate, boolean learned) {

	static WaitReason exhausted(RateBucket bucket, long nanos) {
		return new WaitReason(bucket.type(), nanos, bucket.toString(), bucket.rate(), bucket.isLearned());
	}

	static WaitReason cooldown(LimitType limit, long nanos) {
		return new WaitReason(limit, nanos, "the cooldown after xAI rejected a request (429)", null, true);
	}

}
