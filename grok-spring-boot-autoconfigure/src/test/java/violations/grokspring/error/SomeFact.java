package violations.grokspring.error;

public interface SomeFact {

}
