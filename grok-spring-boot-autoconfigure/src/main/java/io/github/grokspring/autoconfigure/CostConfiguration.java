package io.github.grokspring.autoconfigure;

import java.time.Clock;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.MeteringChatModel;
import io.github.grokspring.cost.MeteringSettings;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of cost calculation.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokCostProperties.class)
class CostConfiguration {

	@Bean
	@ConditionalOnMissingBean(CostCalculator.class)
	CostCalculator grokCostCalculator(ModelCatalog catalog, GrokCostProperties properties,
			GrokConnectionDetails connectionDetails) {
		String region = RegionalHost.region(BaseUrl.of(connectionDetails.getBaseUrl()).host());
		return CostCalculator.of(catalog, new PriceConditions(false, false, RegionalHost.US.equals(region)),
				properties.toolFeeTicks());
	}

	@Bean
	@ConditionalOnMissingBean(name = "grokMeteringDecorator")
	ChatModelDecorator grokMeteringDecorator(GrokCostProperties properties, CostCalculator prices,
			ObjectProvider<TenantResolver> tenants, GrokEventPublisher events, ObjectProvider<ModelCatalog> catalog) {
		return MeteringChatModel
			.decorator(new MeteringSettings(properties.enabled() ? prices : null, properties.onUnpriced(),
					properties.driftWarningPercent(), TenantResolvers.of(tenants), events.listener(), Clock.systemUTC(),
					System::nanoTime, catalog.getIfUnique(ModelCatalog::bundled), properties.largePrompt()));
	}

	@Bean
	@ConditionalOnMissingBean(name = "grokCostPublisher")
	CostPublisher grokCostPublisher(ApplicationEventPublisher publisher) {
		return new CostPublisher(publisher);
	}

	/**
	 * Publishes the costs of calls as application events.
	 *
	 * @param publisher publishes application events
	 */
	record CostPublisher(ApplicationEventPublisher publisher) implements GrokEventListener {

		@Override
		public void onEvent(GrokEvent event) {
			if (event instanceof CostRecorded) {
				this.publisher.publishEvent(event);
			}
		}

	}

}
