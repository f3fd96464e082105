package violations.grokspring.budget;

import violations.grokspring.cost.SomeCost;

class BudgetThatKnowsCost {

	SomeCost cost;

}
