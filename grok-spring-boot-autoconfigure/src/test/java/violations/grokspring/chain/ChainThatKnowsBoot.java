package violations.grokspring.chain;

import violations.grokspring.error.SomeFact;

import org.springframework.boot.SpringApplication;

public class ChainThatKnowsBoot {

	SomeFact fact;

	SpringApplication application;

}
