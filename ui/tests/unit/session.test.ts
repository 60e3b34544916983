// The session as the window keeps it.

import { expect, test, vi } from "vitest";
import { FakeBackend } from "../../src/lib/backend/fake";
import { fakeView, STEPS } from "../../src/lib/backend/fake-views";
import { Session } from "../../src/lib/session.svelte";

function opened(change = {}) {
  const fake = new FakeBackend(fakeView(STEPS.programme, "zh", change));
  return Session.open(fake).then((session) => ({ fake, session }));
}

test("a view that changes while the first is fetched is not lost", async () => {
  const fake = new FakeBackend(fakeView(STEPS.welcome, "zh"));
  const first = await fake.view();
  fake.view = async () => {
    fake.showStep(STEPS.processing);
    return first;
  };
  const session = await Session.open(fake);
  expect(session.view.step.name).toBe("processing");
});

test("an older view that comes last is passed over", async () => {
  const { fake, session } = await opened({ revision: 7 });
  fake.show({ step: STEPS.order });
  const old = { ...session.view, revision: 3, step: STEPS.welcome };
  fake.send = async () => ({ status: "ok", data: old });
  await session.send({ type: "back" });
  expect(session.view.step.name).toBe("order");
});

test("one event is under way at a time", async () => {
  const { fake, session } = await opened();
  const release = fake.hold();
  const first = session.send({ type: "back" });
  await session.send({ type: "back" });
  expect(session.pending).toBe(true);
  release();
  await first;
  expect(session.pending).toBe(false);
  expect(fake.sent).toHaveLength(1);
});

test("what staff do is one event too: nothing else is sent beside it, nor it twice", async () => {
  const { fake, session } = await opened({ step: STEPS.pay });
  const release = fake.hold();
  const first = session.confirmPayment("1234");
  await session.confirmPayment("1234");
  await session.reviewPhoto("1234", true);
  await session.send({ type: "back" });
  release();
  await first;
  expect(fake.pins).toEqual(["1234"]);
  expect(fake.reviews).toEqual([]);
  expect(fake.sent).toEqual([]);
});

test("a refusal is kept until the next event or another step", async () => {
  const { fake, session } = await opened();
  fake.refuse("not_now");
  await session.send({ type: "back" });
  expect(session.failure).toBe("not_now");
  await session.send({ type: "back" });
  expect(session.failure).toBeNull();
  fake.refuse("storage_failed");
  await session.send({ type: "back" });
  fake.showStep(STEPS.details);
  expect(session.failure).toBeNull();
});

test("an exchange that breaks down reads as an internal error, and the next one works", async () => {
  const { fake, session } = await opened();
  const send = fake.send.bind(fake);
  fake.send = () => Promise.reject(new Error("the shell is gone"));
  await session.send({ type: "back" });
  expect(session.failure).toBe("internal");
  fake.send = send;
  await session.send({ type: "back" });
  expect(session.failure).toBeNull();
});

test("touches go only where there is a session to keep, and don't block a press", async () => {
  const { fake, session } = await opened();
  const release = fake.hold();
  const touch = session.touch();
  expect(session.pending).toBe(false);
  release();
  await touch;
  expect(fake.sent).toEqual([{ type: "touch" }]);
  fake.showStep(STEPS.welcome);
  await session.touch();
  expect(fake.sent).toHaveLength(1);
});

test("a closed session follows nothing any more", async () => {
  vi.useFakeTimers();
  const { fake, session } = await opened();
  session.close();
  fake.showStep(STEPS.order);
  expect(session.view.step.name).toBe("programme");
  expect(vi.getTimerCount(), "its clock stands").toBe(0);
  vi.useRealTimers();
});

test("paying after the shots doesn't set the progress line back", async () => {
  const { fake, session } = await opened();
  expect(session.phase).toBe("choose");
  fake.showStep(STEPS.pay);
  expect(session.phase).toBe("order");
  fake.showStep(STEPS.review);
  fake.showStep(STEPS.order);
  fake.showStep(STEPS.pay);
  expect(session.phase).toBe("photo");
  fake.showStep(STEPS.printing);
  expect(session.phase).toBe("collect");
});
