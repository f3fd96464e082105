package io.github.grokspring.sample;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * The chat page. Its template is {@code templates/page.html}.
 */
@Controller
class PageController {

	private final Assistants assistants;

	private final boolean offline;

	PageController(Assistants assistants, Environment environment) {
		this.assistants = assistants;
		this.offline = environment.acceptsProfiles(Profiles.of(ApiKeyProfileSelector.OFFLINE));
	}

	@GetMapping("/")
	String page(Model model) {
		model.addAttribute("assistants",
				this.assistants.all()
					.stream()
					.map((assistant) -> Map.of("name", assistant.name(), "description", assistant.description()))
					.toList());
		model.addAttribute("offline", this.offline);
		model.addAttribute("faults", this.offline ? faults() : List.of());
		return "page";
	}

	private static List<Map<String, Object>> faults() {
		return Arrays.stream(Fault.values())
			.map((fault) -> Map.<String, Object>of("id", fault.id(), "title", fault.title(), "description",
					fault.description()))
			.toList();
	}

}
