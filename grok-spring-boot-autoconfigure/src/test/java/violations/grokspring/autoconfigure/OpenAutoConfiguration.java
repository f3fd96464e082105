package violations.grokspring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

@AutoConfiguration
public class OpenAutoConfiguration {

	public final String name = "violation";

	@Bean
	@ConditionalOnClass(String.class)
	public String violation() {
		return this.name;
	}

}
