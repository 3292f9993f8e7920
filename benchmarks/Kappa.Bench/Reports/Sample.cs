namespace Kappa.Bench.Reports;

/// <summary>One figure of one round. <paramref name="Unit"/> is <c>events/s</c> for what is compared with the fold limit.</summary>
internal sealed record Sample(string Name, double Value, string Unit)
{
    public const string EventsPerSecond = "events/s";
}
