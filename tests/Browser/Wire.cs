using System.Net;
using System.Net.Sockets;

namespace HealthEval.Tests.Browser;

/// <summary>A network cable between browser and program, with an address of its own, to be pulled out and put back.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly IPEndPoint _program;
    private readonly IPEndPoint _here;
    private readonly List<TcpClient> _open = [];
    private TcpListener? _listener;

    public Wire(string programUrl)
    {
        _program = new IPEndPoint(IPAddress.Loopback, new Uri(programUrl).Port);
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _here = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();
        PlugIn();
    }

    public string Url => $"http://{_here}";

    public void PlugIn()
    {
        _listener = new TcpListener(_here);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    public void PullOut()
    {
        _listener?.Stop();
        lock (_open)
        {
            foreach (var client in _open)
            {
                client.Close();
            }

            _open.Clear();
        }
    }

    public ValueTask DisposeAsync()
    {
        PullOut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var browser = await listener.AcceptTcpClientAsync();
                var program = new TcpClient();
                await program.ConnectAsync(_program);
                lock (_open)
                {
                    _open.AddRange([browser, program]);
                }

                _ = CarryAsync(browser, program);
                _ = CarryAsync(program, browser);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // pulled out
        }
    }

    private static async Task CarryAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // pulled out, or one end hung up
        }
    }
}
