namespace Kappa.Tests.Log;

/// <summary>Makes empty logs of one kind for the contract suites; disposed when the test's logs are closed.</summary>
public abstract partial class LogMaker : IDisposable
{
    public abstract OpenedLog Make(int partitions, int duplicateWindow, TimeProvider time);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
