package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * {@link Redactor} with the built-in detectors.
 */
final class DetectingRedactor implements Redactor {

	private final Set<Detection> detections;

	private final List<Detector> detectors;

	private DetectingRedactor(Set<Detection> detections, List<Detector> detectors) {
		this.detections = detections;
		this.detectors = detectors;
	}

	static Redactor create(Set<Detection> detections, Set<String> phoneRegions) {
		List<Detector> detectors = new ArrayList<>();
		Set<Detection> ordered = EnumSet.noneOf(Detection.class);
		ordered.addAll(detections);
		for (Detection detection : ordered) {
			switch (detection) {
				case SECRETS -> detectors.addAll(List.of(new PrivateKeyDetector(), new ApiKeyDetector(),
						new ConnectionPasswordDetector(), new SecretAssignmentDetector()));
				case CREDIT_CARD -> detectors.add(new CreditCardDetector());
				case EMAIL -> detectors.add(new EmailDetector());
				case IBAN -> detectors.add(new IbanDetector());
				case PHONE -> detectors.add(new PhoneNumberDetector(phoneRegions));
				case IP_ADDRESS -> detectors.add(new IpAddressDetector());
				case US_SSN -> detectors.add(new SocialSecurityNumberDetector());
			}
		}
		return new DetectingRedactor(ordered, List.copyOf(detectors));
	}

	@Override
	public List<DetectedValue> find(String text) {
		List<DetectedValue> found = new ArrayList<>(0);
		detect(text, found);
		NormalizedText normalized = NormalizedText.of(text);
		if (normalized != null) {
			List<DetectedValue> more = new ArrayList<>(0);
			detect(normalized.text(), more);
			more.forEach((finding) -> found.add(normalized.toOriginal(finding)));
		}
		return CompositeRedactor.merge(found);
	}

	private void detect(String text, List<DetectedValue> found) {
		for (Detector detector : this.detectors) {
			detector.detect(text, found);
		}
	}

	@Override
	public String toString() {
		return "DetectingRedactor" + this.detections;
	}

}
