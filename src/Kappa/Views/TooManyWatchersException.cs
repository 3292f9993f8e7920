namespace Kappa.Views;

/// <summary>The engine has as many watches as it takes. End some, or raise <c>Kappa:Watch:WatchersMax</c>.</summary>
public sealed class TooManyWatchersException(int watchersMax)
    : InvalidOperationException($"There are {watchersMax} watches already, the most that this engine takes at once.");
