package io.github.grokspring.test;

/**
 * Writes the deltas of an item. Common parts are serialized only once.
 */
final class DeltaWriter {

	private final byte[] prefix;

	private final byte[] middle;

	private final byte[] suffix;

	DeltaWriter(String name, String itemId, int outputIndex, String fields) {
		String type = "response." + name + ".delta";
		this.prefix = EventWriter.utf8("event: " + type + "\ndata: {\"sequence_number\":");
		this.middle = EventWriter.utf8(",\"type\":\"" + type + "\",\"delta\":\"");
		this.suffix = EventWriter
			.utf8("\",\"item_id\":\"" + itemId + "\",\"output_index\":" + outputIndex + "," + fields + "}\n\n");
	}

	byte[] delta(int sequenceNumber, String piece) {
		return ChunkWriter.join(this.prefix, EventWriter.utf8(Integer.toString(sequenceNumber)), this.middle,
				Json.escaped(piece), this.suffix);
	}

}
