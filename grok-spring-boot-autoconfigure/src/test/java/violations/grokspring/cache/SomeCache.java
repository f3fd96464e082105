package violations.grokspring.cache;

public interface SomeCache {

}
