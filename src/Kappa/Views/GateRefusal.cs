namespace Kappa.Views;

/// <summary>A rule of a gate that does not hold: why, how many instances are against it, and the first of their keys (at most 10,000).</summary>
public sealed record GateRefusal(string Rule, string Reason, long Count, IReadOnlyList<string> Keys)
{
    public const int KeysMax = 10_000;
}
