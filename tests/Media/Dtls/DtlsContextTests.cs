using Telemedicine.Media.Dtls;
using Xunit;

namespace Telemedicine.Media.Tests.Dtls;

public sealed class DtlsContextTests : IDisposable
{
    private readonly DtlsContext _context = new(DtlsCertificate.Create(TimeProvider.System));

    [Fact]
    public void Many_sessions_of_one_context_do_not_mix_up_their_peers()
    {
        DtlsContext[] peers = [.. Enumerable.Range(0, 4).Select(_ => new DtlsContext(DtlsCertificate.Create(TimeProvider.System)))];
        DtlsLink[] links = [.. peers.Select(peer => new DtlsLink(_context, peer))];
        using DtlsLink crossed = new(_context, peers[0], serverExpects: peers[1].Certificate.Fingerprint.Value);

        Parallel.ForEach(links.Append(crossed), link => link.Run());

        Assert.All(links, link => Assert.Equal(DtlsState.Connected, link.Server.State));
        Assert.Equal(DtlsState.Failed, crossed.Server.State);
        Array.ForEach(links, link => link.Dispose());
        Array.ForEach(peers, peer => peer.Dispose());
    }

    [Fact]
    public void Warming_up_can_be_done_again()
    {
        _context.WarmUp();
        _context.WarmUp();
    }

    [Fact]
    public void Sessions_outlive_their_context_but_no_new_ones_are_made()
    {
        using DtlsLink link = new(_context, _context);
        _context.Dispose();

        link.Run();

        Assert.Equal(DtlsState.Connected, link.Server.State);
        Assert.Throws<ObjectDisposedException>(() => new DtlsSession(_context, DtlsRole.Server, _context.Certificate.Fingerprint.Value));
    }

    public void Dispose() => _context.Dispose();
}
