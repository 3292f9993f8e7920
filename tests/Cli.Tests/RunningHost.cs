using Kappa.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Kappa.Tests;

/// <summary>The real host, with log, engine and HTTP on a free port, over a directory of its own.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("kappa-host-");
    private readonly WebApplication _app;

    private RunningHost() => _app = KappaHost.Build(
        ["--urls", "http://127.0.0.1:0", "--Kappa:Data", _data.FullName, "--Logging:LogLevel:Default", "Error"], ShippedViews.Events(), ShippedViews.All());

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<RunningHost> StartAsync()
    {
        var host = new RunningHost();
        await KappaHost.StartAsync(host._app);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
