package violations.grokspring.retry;

import violations.grokspring.cache.SomeCache;

public class FeatureThatKnowsAnother {

	SomeCache cache;

}
