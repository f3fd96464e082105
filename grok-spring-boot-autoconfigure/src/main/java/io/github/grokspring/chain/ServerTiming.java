package io.github.grokspring.chain;

/**
 * Latencies in milliseconds as measured by xAI, NaN if not reported. Available in the
 * response metadata as {@code grok.server-timing}.
 *
 * @param timeToFirstToken {@code x-metrics-ttft-ms}
 * @param meanInterTokenLatency {@code x-metrics-mean-itl-ms}
 * @param endToEnd {@code x-metrics-e2e-ms}
 * @since 0.1.0
 */
public record ServerTiming(double timeToFirstToken, double meanInterTokenLatency, double endToEnd) {

}
