using Orleans;

namespace Kappa.Grains.Auditing;

/// <summary>The durable checkpoint of an auditor.</summary>
[GenerateSerializer]
public sealed class AuditorDocument
{
    /// <summary>A view that cannot route so many events points to a fault in its code; it goes no further.</summary>
    private const int HeldMax = 5_000;

    [Id(0)]
    public long Next { get; set; }

    /// <summary>Events that could not be routed, in order.</summary>
    [Id(1)]
    public List<HeldAtView> Held { get; set; } = [];

    /// <summary>Events that an instance lacked or had too much while streams were expected to bring them.</summary>
    [Id(2)]
    public long Repairs { get; set; }

    /// <summary>The document once a window that follows on this one has been audited.</summary>
    /// <exception cref="InvalidOperationException">Too many events cannot be routed.</exception>
    internal AuditorDocument After(AuditWindow window)
    {
        if (Held.Count + window.Held.Count > HeldMax)
            throw new InvalidOperationException($"More than {HeldMax} events cannot be routed; the last: {window.Held.LastOrDefault()?.Reason}");
        return new AuditorDocument { Next = window.Next, Held = [.. Held, .. window.Held.Where(held => held.Sequence >= Next)], Repairs = Repairs };
    }

    internal AuditorDocument Without(HeldAtView held) => new() { Next = Next, Held = [.. Held.Where(other => other != held)], Repairs = Repairs };
}
