package io.github.grokspring.autoconfigure;

import java.util.List;

import io.github.grokspring.actuate.Impediment;

/**
 * Tells what of this application keeps calls from being made at the moment.
 */
@FunctionalInterface
interface ImpedimentSource {

	List<Impediment> impediments();

}
