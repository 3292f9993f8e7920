namespace Kappa.Contracts;

/// <summary>What a test of the contract needs otherwise than usual. Null: as the engine has it.</summary>
public sealed record ViewsHostSettings
{
    /// <summary>The clock of log and engine.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>How many versions a watch in mode <c>every</c> replays before it sends a snapshot instead.</summary>
    public int? WatchReplayMax { get; init; }

    /// <summary>The most watches at once.</summary>
    public int? WatchersMax { get; init; }
}
