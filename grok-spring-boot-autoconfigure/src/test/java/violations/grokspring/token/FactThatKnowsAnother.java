package violations.grokspring.token;

import violations.grokspring.error.SomeFact;

class FactThatKnowsAnother {

	SomeFact fact;

}
