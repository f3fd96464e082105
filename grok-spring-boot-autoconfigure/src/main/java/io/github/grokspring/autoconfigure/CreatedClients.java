package io.github.grokspring.autoconfigure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.grokspring.actuate.GrokClients;
import io.github.grokspring.chain.GrokChatModel;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The clients created from properties, and the models that the application created
 * itself.
 *
 * @param factory the factory of the clients
 * @param beans the models of the application
 * @param host the host of the base URL
 */
record CreatedClients(GrokChatModelFactory factory, ObjectProvider<GrokChatModel> beans,
		String host) implements GrokClients {

	@Override
	public List<Client> clients() {
		Map<String, Client> clients = new LinkedHashMap<>();
		this.factory.createdClients().forEach((made) -> {
			GrokClientSettings settings = made.settings();
			clients.put(settings.name(), new Client(made.model(), wireName(settings.chat().transport()), this.host,
					settings.chat().system() != null));
		});
		this.beans.orderedStream()
			.forEach((model) -> clients.putIfAbsent(model.name(), new Client(model, null, null, null)));
		List<Client> sorted = new ArrayList<>(clients.values());
		sorted.sort(Comparator.<Client, Boolean>comparing((client) -> !isDefault(client))
			.thenComparing((client) -> client.model().name()));
		return sorted;
	}

	private static boolean isDefault(Client client) {
		return GrokClientSettings.DEFAULT.equals(client.model().name());
	}

	private static String wireName(GrokChatProperties.@Nullable Transport transport) {
		return ((transport != null) ? transport : GrokChatProperties.Transport.NATIVE).name()
			.toLowerCase(Locale.ROOT)
			.replace('_', '-');
	}

}
