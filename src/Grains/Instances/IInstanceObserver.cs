using Orleans;
using Orleans.Concurrency;

namespace Kappa.Grains.Instances;

/// <summary>Is told of an instance's changes after each is durable. A call may be lost; whoever watches asks again from time to time.</summary>
[Alias("kappa.instance-observer")]
public interface IInstanceObserver : IGrainObserver
{
    /// <param name="record">The instance's record as it was stored.</param>
    [OneWay, Alias("changed")]
    Task ChangedAsync(byte[] record);
}
