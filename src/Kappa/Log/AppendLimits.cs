using Kappa.Events;

namespace Kappa.Log;

/// <summary>The limits of one append. Hosts check them earlier and answer in their own words; here they are enforced.</summary>
internal static class AppendLimits
{
    /// <exception cref="ArgumentException">A limit is exceeded; it is named. Nothing was stored.</exception>
    public static void Check(EventBatch batch, LogOptions options)
    {
        if (batch.Count > options.RequestEventsMax)
            throw new ArgumentException(TooLarge($"{batch.Count} events", nameof(options.RequestEventsMax), options.RequestEventsMax), nameof(batch));
        if (batch.Bytes > options.RequestBytesMax)
            throw new ArgumentException(TooLarge($"{batch.Bytes} bytes", nameof(options.RequestBytesMax), options.RequestBytesMax), nameof(batch));
        if (batch.Bytes <= options.EventBytesMax)
            return;
        for (var i = 0; i < batch.Count; i++)
            if (batch.Record(i).Length > options.EventBytesMax)
                throw new ArgumentException(
                    TooLarge($"event {i} of {batch.Record(i).Length} bytes", nameof(options.EventBytesMax), options.EventBytesMax), nameof(batch));
    }

    private static string TooLarge(string what, string limit, int most) =>
        $"An append of {what} is more than Kappa:Log:{limit} allows ({most}).";
}
