namespace Telemedicine.Media.Dtls;

/// <summary>
/// The records of our last flight (RFC 6347, section 4.2.4): first to be sent, then kept to be sent again. OpenSSL's output is a stream of bytes; here it is cut
/// into datagrams at record borders.
/// </summary>
internal sealed class DtlsFlight
{
    private byte[] _records = new byte[2048];
    private int _length;
    private int _taken;

    /// <summary>Room for records that follow at once; a new flight begins when the one before has been taken.</summary>
    public Span<byte> Append(int length)
    {
        if (_taken == _length)
            _taken = _length = 0;
        if (_length + length > _records.Length)
            Array.Resize(ref _records, int.Max(_records.Length * 2, _length + length));
        _length += length;
        return _records.AsSpan(_length - length, length);
    }

    /// <summary>
    /// The same records once more. To a peer that has them they are replays, which it drops; one that has not reads them. (OpenSSL would wrap the messages in new
    /// records, but only by its own reading of the wall clock.)
    /// </summary>
    public void Repeat() => _taken = 0;

    /// <summary>As many whole records as fit, or one alone that does not.</summary>
    public bool TryTake(Span<byte> datagram, int max, out int length)
    {
        int end = _taken;
        while (DtlsRecords.TryMeasure(_records.AsSpan(end.._length), out int record) && (end + record - _taken <= max || end == _taken))
            end += record;

        length = end - _taken;
        _records.AsSpan(_taken, length).CopyTo(datagram);
        _taken = end;
        return length > 0;
    }
}
