namespace Kappa.Engine.Builds;

/// <summary>A build for as long as it serves. Whoever watches it learns from <see cref="Ended"/> that another serves now.</summary>
internal sealed class ServingBuild(Build build) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();

    public Build Build { get; } = build;
    public ViewRunner Runner => Build.Runner;
    public CancellationToken Ended => _ended.Token;

    public Task EndAsync() => _ended.CancelAsync();

    public void Dispose() => _ended.Dispose();
}
