namespace Telemedicine.Media.Dtls;

/// <summary>The OpenSSL SSL_CTX of one node: sessions of both roles are made from it.</summary>
internal sealed class DtlsContext(DtlsCertificate certificate) : IDisposable
{
    public DtlsCertificate Certificate { get; } = certificate;

    /// <summary>Runs one handshake in memory: the first of a process takes tens of milliseconds, later ones well under one.</summary>
    public void WarmUp() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
