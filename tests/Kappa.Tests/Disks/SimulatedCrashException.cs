namespace Kappa.Tests.Disks;

/// <summary>The simulated machine is down: thrown by the operation during which it went down, and by every later one.</summary>
public sealed class SimulatedCrashException() : IOException("The simulated machine crashed.");
