using Azure.Messaging.EventHubs;
using Kappa.Log;
using Kappa.Silo.EventHubs;

namespace Kappa.Tests.EventHubs;

/// <summary>
/// The hub that the environment gives, an emulator's, a real one or a stand-in's: <c>KAPPA_TEST_EVENTHUBS</c> is its connection string with
/// <c>EntityPath</c>. It may hold anything already, and keeps what tests append.
/// </summary>
internal static class GivenHub
{
    public const string Variable = "KAPPA_TEST_EVENTHUBS";

    public static string? Connection => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } connection ? connection : null;

    /// <summary>Fails the next send, the next one after it was stored, and two receives; false if the given hub is none that can be made to fail.</summary>
    public static bool FailNext()
    {
        if (Connection is null || typeof(EventHubsException).Assembly.GetType("Azure.Messaging.EventHubs.Fakes.FakeEventHubs") is not { } faults)
            return false;
        faults.GetMethod("FailNextSends")!.Invoke(null, [1, EventHubsException.FailureReason.ServiceBusy, false, null]);
        faults.GetMethod("FailNextSends")!.Invoke(null, [1, EventHubsException.FailureReason.ServiceTimeout, true, null]);
        faults.GetMethod("FailNextReceives")!.Invoke(null, [2, EventHubsException.FailureReason.ServiceCommunicationProblem, null]);
        return true;
    }

    /// <summary>Opens logs on the given hub, or on one in memory if none is given.</summary>
    public static Func<Task<EventHubLog>> OrInMemory(EventHubLogOptions options)
    {
        if (Connection is { } connection)
            return () => EventHubLog.OpenAsync(connection, null, "$Default", options);
        var hub = new TestHub(partitions: 4);
        return () => hub.LogAsync(options);
    }

    /// <summary>A log in memory with what a hub holds, as readers keep it.</summary>
    public static async Task<MemoryLog> CopyAsync(EventHubLog log)
    {
        var copy = new MemoryLog(log.PartitionCount);
        for (var partition = 0; partition < log.PartitionCount; partition++)
        {
            var end = await log.EndAsync(partition);
            using var duplicates = await DuplicateFilter.OpenAsync(log, partition, LogOptions.DuplicateWindowDefault, log.First(partition));
            while (duplicates.Next < end)
            {
                using var page = await log.ReadAsync(partition, duplicates.Next, 1 << 20);
                using var batch = new Kappa.Events.EventBatch();
                for (var i = 0; i < page.Count; i++)
                    if (!await duplicates.IsDuplicateAsync(page.Events[i]))
                    {
                        page.Events[i].Record.Span.CopyTo(batch.Reserve(page.Events[i].Record.Length));
                        batch.Complete(page.Events[i].Record.Length);
                    }
                await copy.AppendAsync(batch);
            }
        }
        return copy;
    }
}
