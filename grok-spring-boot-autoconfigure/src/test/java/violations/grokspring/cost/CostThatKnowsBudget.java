package violations.grokspring.cost;

import violations.grokspring.budget.SomeBudget;

class CostThatKnowsBudget {

	SomeBudget budget;

}
