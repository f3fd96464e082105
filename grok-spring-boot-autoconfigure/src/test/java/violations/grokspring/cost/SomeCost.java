package violations.grokspring.cost;

public interface SomeCost {

}
