namespace Kappa.Shop;

/// <summary>What a customer spent in one month.</summary>
public sealed class MonthSpend
{
    /// <summary>As in <c>2010-12</c>, in UTC.</summary>
    public required string Month { get; init; }

    /// <summary>Orders placed; a cancelled one stays counted.</summary>
    public int Orders { get; set; }

    public int Cancellations { get; set; }

    /// <summary>Placed less cancelled, and adjustments.</summary>
    public decimal Total { get; set; }
}
