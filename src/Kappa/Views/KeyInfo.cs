namespace Kappa.Views;

/// <summary>One instance in a list of keys: its version, and the time of the last event that it applied.</summary>
public sealed record KeyInfo(string Key, long Version, DateTimeOffset Time);
