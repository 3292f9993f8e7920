using Azure.Messaging.EventHubs;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>Holds what a hub delivers against what a log promises: every sequence, once, in order.</summary>
internal static class HubOrder
{
    /// <summary>The events from a sequence on; a receiver that was opened anew may repeat earlier ones.</summary>
    public static IReadOnlyList<EventData> From(long at, IReadOnlyList<EventData> events)
    {
        var skip = 0;
        while (skip < events.Count && events[skip].SequenceNumber < at)
            skip++;
        for (var i = skip + 1; i < events.Count; i++)
            if (events[i].SequenceNumber != events[i - 1].SequenceNumber + 1)
                // What follows a hole is received again, and found to lie behind one then.
                return [.. events.Take(i).Skip(skip)];
        return skip == 0 ? events : [.. events.Skip(skip)];
    }

    /// <exception cref="LogCorruptException">Events are missing that retention has not removed.</exception>
    public static void ThrowIfHole(string hub, int partition, long expected, long found, long first)
    {
        if (found > first)
            throw new LogCorruptException($"Partition {partition} of the hub {hub} delivers sequence {found} where {expected} should come, though it begins with {first}. "
                + "Sequences of a hub have no holes; was it deleted and made again? Then this is another log: begin with an empty one.");
    }
}
