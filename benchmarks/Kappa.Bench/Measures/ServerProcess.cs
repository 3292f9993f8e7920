using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Kappa.Bench.Measures;

/// <summary>The embedded host as its users start it, in a process of its own, on a free port of the loopback interface.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan _startMax = TimeSpan.FromSeconds(60), _stopMax = TimeSpan.FromSeconds(30), _catchUpMax = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<ServerProcess> StartAsync(string data)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = Process.Start(new ProcessStartInfo("dotnet",
            [Checkout.Web, "--urls", address.ToString(), "--Kappa:Data", data, "--Logging:LogLevel:Default", "Warning"])
        {
            WorkingDirectory = Path.GetDirectoryName(Checkout.Web)!,
        })!;
        var server = new ServerProcess(process, address);
        using var http = new HttpClient { BaseAddress = address };
        for (var clock = Stopwatch.StartNew(); !await IsReadyAsync(http); await Task.Delay(50))
            if (process.HasExited || clock.Elapsed > _startMax)
                throw new InvalidOperationException($"The host did not get ready at {address}.");
        return server;
    }

    /// <summary>Processor time that the process has used, in microseconds.</summary>
    public double ProcessorMicroseconds()
    {
        _process.Refresh();
        return _process.TotalProcessorTime.TotalMicroseconds;
    }

    /// <summary>The most memory that the process ever held at once, in MB of 1,000,000 bytes; 0 where the system does not tell.</summary>
    public double PeakMegabytes()
    {
        var status = $"/proc/{_process.Id}/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : double.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024 / 1e6;
    }

    /// <summary>How many seconds it takes until every view has everything.</summary>
    public async Task<double> CatchUpAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        var clock = Stopwatch.StartNew();
        for (; ; await Task.Delay(20))
        {
            using var views = JsonDocument.Parse(await http.GetStringAsync("/views"));
            if (views.RootElement.GetProperty("items").EnumerateArray().All(view => view.GetProperty("lag").GetInt64() == 0))
                return clock.Elapsed.TotalSeconds;
            if (clock.Elapsed > _catchUpMax)
                throw new InvalidOperationException($"Views did not catch up: {views.RootElement}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // SIGTERM, as everything acknowledged is to be on disk afterwards.
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(_stopMax);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                Console.Error.WriteLine($"The host did not stop within {_stopMax.TotalSeconds} s and was killed.");
            }
        }
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
