using Orleans;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Kappa.GrainsBench.Bare;

/// <summary>Gets every event of one customer and does nothing with it but count.</summary>
[ImplicitStreamSubscription(Namespace)]
internal sealed class EmptyGrain : Grain, IEmptyGrain, IStreamSubscriptionObserver, IAsyncObserver<byte[]>
{
    public const string Namespace = "orders";

    private static long _received;

    /// <summary>How many events all grains of this process got.</summary>
    public static long Received => Interlocked.Read(ref _received);

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<byte[]>().ResumeAsync(this);

    public Task OnNextAsync(byte[] item, StreamSequenceToken? token = null)
    {
        Interlocked.Increment(ref _received);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
