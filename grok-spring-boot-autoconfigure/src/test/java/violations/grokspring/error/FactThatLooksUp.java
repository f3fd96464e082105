package violations.grokspring.error;

import violations.grokspring.chain.ChainThatKnowsBoot;

class FactThatLooksUp {

	ChainThatKnowsBoot chain;

}
