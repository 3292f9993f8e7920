using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;
using Kappa.Web.Api;
using Kappa.Web.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kappa.Tests.Dashboard;

/// <summary>The dashboard alone, over a log in memory and a real engine, on a port of its own.</summary>
public sealed class DashboardHost : IAsyncLifetime
{
    public const int WatchersMax = 40;

    private readonly string _directory = Directory.CreateTempSubdirectory("dashboard-").FullName;
    private readonly EventTypes _types = ShippedViews.Events();
    private readonly MemoryLog _log = new();
    private ViewEngine? _engine;
    private WebApplication? _app;
    private int _appended;

    public Uri Address { get; private set; } = new("http://unknown");

    /// <summary>A view that takes orders with a negative total only once its code is "fixed".</summary>
    public FragileView Fragile { get; } = new();

    public async Task InitializeAsync()
    {
        _engine = ViewEngine.Open(_log, _types, [.. ShippedViews.All(), Fragile], _directory, new EngineOptions { WatchersMax = WatchersMax });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IViews>(_engine).AddSingleton(_engine.Rebuilds).AddSingleton<ILogReader>(_log).AddSingleton(TimeProvider.System).AddSingleton<ILogProblems>(new SoundLog());
        builder.Services.AddKappaDashboard();
        _app = builder.Build();
        _app.MapKappaDashboard();
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    /// <summary>Appends an event and waits until the views show it.</summary>
    public async Task AppendAsync(object record, string subject, string view, string key)
    {
        using var batch = new EventBatch();
        batch.Add(CloudEvent.Of(_types, record, $"e{Interlocked.Increment(ref _appended)}", "/tests", subject, DateTimeOffset.UnixEpoch));
        var result = await _log.AppendAsync(batch);
        await _engine!.ReadAsync(view, key, result.Receipt, TimeSpan.FromSeconds(30));
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed class SoundLog : ILogProblems
    {
        public IReadOnlyList<string> Current => [];
        public IReadOnlyList<string> OfCapture => [];
    }
}
