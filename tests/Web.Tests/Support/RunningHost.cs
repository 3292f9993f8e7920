using Kappa.Events;
using Kappa.Views;
using Kappa.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Kappa.Tests;

/// <summary>
/// The embedded host in this process, on a real port of the loopback interface. Stopping it and starting another on the
/// same data directory is a restart; on the same port too, if that is asked for.
/// </summary>
public sealed class RunningHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningHost(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        // Connections are not pooled over a restart: each host gets a client of its own.
        Client = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a host with the views that ship.</summary>
    public static Task<RunningHost> StartAsync(string dataDirectory, params string[] args) =>
        StartAsync(dataDirectory, ShippedViews.Events(), ShippedViews.All(), configure: null, args);

    public static async Task<RunningHost> StartAsync(string dataDirectory, EventTypes types, IReadOnlyList<View> views,
        Action<WebApplicationBuilder>? configure, params string[] args)
    {
        // Later arguments win, so a test may choose the port.
        string[] all = [$"--Kappa:Data={dataDirectory}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", .. args];
        var app = KappaHost.Build(all, types, views, configure);
        try
        {
            await KappaHost.StartAsync(app);
            return new RunningHost(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Stops in good order.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
