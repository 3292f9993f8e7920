using System.Net;
using System.Net.Sockets;

namespace Kappa.Tests.Hosting;

/// <summary>Ports of this machine that nobody uses right now, one after the other.</summary>
internal static class FreePorts
{
    public static int Of(int count)
    {
        for (var first = Random.Shared.Next(20_000, 40_000); ; first += count)
            if (Enumerable.Range(first, count).All(IsFree))
                return first;
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
