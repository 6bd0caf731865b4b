package clicktide.faults;

import java.util.function.UnaryOperator;

/** A fault suite whose load leaves room on two cores for the servers. */
abstract class LightFaultSuite extends FaultSuite {
  @Override
  UnaryOperator<ProductProcess> jvm() {
    return UnaryOperator.identity(); // they start quickly
  }

  @Override
  int clicks() {
    return 300; // so that two cores are not busy with traffic alone
  }

  @Override
  int events() {
    return 150;
  }
}
