package violations.grokspring.budget;

public interface SomeBudget {

}
