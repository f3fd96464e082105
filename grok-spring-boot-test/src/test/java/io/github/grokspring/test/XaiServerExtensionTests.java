package io.github.grokspring.test;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class XaiServerExtensionTests {

	@RegisterExtension
	static final XaiServer forAll = XaiServerExtension.start();

	@RegisterExtension
	final XaiServerExtension forOne = XaiServerExtension.start(XaiServer.builder().pace(java.time.Duration.ZERO));

	@Test
	@Order(1)
	void changesServerInOneTest() {
		forAll.answers("left over");
		new TestClient(forAll).get("/models");
		assertThat(forAll.requestCount()).isOne();
	}

	@Test
	@Order(2)
	void nextTestFindsResetServer() {
		assertThat(forAll.requestCount()).isZero();
		assertThat(forAll.waitingReplies()).isZero();
		assertThat(new TestClient(this.forOne).get("/models").statusCode()).isEqualTo(200);
	}

	@Nested
	class NestedTests {

		@Test
		void stillHasTheServerOfTheOuterClass() {
			assertThat(new TestClient(forAll).get("/models").statusCode()).isEqualTo(200);
		}

	}

	@Nested
	class FurtherNestedTests {

		@Test
		void stillHasItToo() {
			assertThat(new TestClient(forAll).get("/models").statusCode()).isEqualTo(200);
		}

	}

}
