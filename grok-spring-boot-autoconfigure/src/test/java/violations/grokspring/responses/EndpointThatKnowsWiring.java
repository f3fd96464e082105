package violations.grokspring.responses;

import violations.grokspring.autoconfigure.MutableProperties;

class EndpointThatKnowsWiring {

	MutableProperties properties;

}
