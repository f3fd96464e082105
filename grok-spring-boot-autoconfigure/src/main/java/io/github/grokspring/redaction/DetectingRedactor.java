package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What this library can detect by itself.
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
				case SECRETS -> detectors.addAll(
						List.of(new PrivateKeys(), new ServiceKeys(), new ConnectionPasswords(), new Assignments()));
				case CREDIT_CARD -> detectors.add(new CreditCards());
				case EMAIL -> detectors.add(new Emails());
				case IBAN -> detectors.add(new Ibans());
				case PHONE -> detectors.add(new PhoneNumbers(phoneRegions));
				case IP_ADDRESS -> detectors.add(new IpAddresses());
				case US_SSN -> detectors.add(new SocialSecurityNumbers());
			}
		}
		return new DetectingRedactor(ordered, List.copyOf(detectors));
	}

	@Override
	public List<Finding> find(String text) {
		List<Finding> found = new ArrayList<>(0);
		detect(text, found);
		SearchedText plain = SearchedText.of(text);
		if (plain != null) {
			List<Finding> more = new ArrayList<>(0);
			detect(plain.text(), more);
			more.forEach((finding) -> found.add(plain.original(finding)));
		}
		return JointRedactor.merged(found);
	}

	private void detect(String text, List<Finding> found) {
		for (Detector detector : this.detectors) {
			detector.detect(text, found);
		}
	}

	@Override
	public String toString() {
		return "DetectingRedactor" + this.detections;
	}

}
