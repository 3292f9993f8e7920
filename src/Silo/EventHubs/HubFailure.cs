using Azure.Messaging.EventHubs;
using Kappa.Log;

namespace Kappa.Silo.EventHubs;

/// <summary>What a failure of the hub means to us.</summary>
internal static class HubFailure
{
    /// <summary>Whether the same call may succeed when it is made again shortly.</summary>
    public static bool IsPassing(Exception failure) => failure switch
    {
        EventHubsException { Reason: EventHubsException.FailureReason.ConsumerDisconnected or EventHubsException.FailureReason.QuotaExceeded } => true,
        EventHubsException hub => hub.IsTransient,
        LogCorruptException => false,
        TimeoutException or IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    /// <summary>Whether it is the hub that failed, and not the caller or a broken invariant.</summary>
    public static bool IsOfHub(Exception failure) =>
        failure is EventHubsException or TimeoutException or System.Net.Sockets.SocketException or UnauthorizedAccessException
            or Azure.RequestFailedException or Azure.Identity.AuthenticationFailedException
        || failure is IOException and not (LogCorruptException or LogUnavailableException);

    /// <summary>The failure as a log tells it, with what can be done.</summary>
    public static LogUnavailableException Of(Exception failure, string hub, string what)
    {
        var remedy = failure switch
        {
            UnauthorizedAccessException or Azure.Identity.AuthenticationFailedException =>
                " Readers need the role Azure Event Hubs Data Receiver, writers Azure Event Hubs Data Sender.",
            EventHubsException { Reason: EventHubsException.FailureReason.QuotaExceeded } =>
                " The service allows five readers per partition and consumer group: give this one a consumer group of its own (Kappa:Azure:EventHubs:ConsumerGroup).",
            EventHubsException { Reason: EventHubsException.FailureReason.ServiceBusy } =>
                " The namespace is at its limit: give it more throughput units.",
            EventHubsException { Reason: EventHubsException.FailureReason.ResourceNotFound } =>
                " Is Kappa:Azure:EventHubs:Hub the right one, and does the consumer group exist?",
            _ => "",
        };
        return new LogUnavailableException($"The hub {hub} could not {what}: {failure.Message}{remedy}", failure);
    }
}
