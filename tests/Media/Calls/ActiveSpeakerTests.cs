using Telemedicine.Media.Core;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Tests.Ortc;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>Who speaks, from the levels in sound packets, on a clock that only the test moves.</summary>
public sealed class ActiveSpeakerTests : IDisposable
{
    private const int Loud = 20, Louder = 8, Hum = 60;

    private readonly VirtualNetwork _network = new();
    private readonly ActiveSpeaker _speakers = new();
    private readonly List<Guid?> _changes = [];
    private readonly Person _first;
    private readonly Person _second;

    public ActiveSpeakerTests()
    {
        _speakers.Changed = track => _changes.Add(track?.Id);
        _first = new Person(_network, _speakers);
        _second = new Person(_network, _speakers);
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Who_is_heard_first_becomes_the_speaker_and_after_silence_nobody_is()
    {
        Talk(1000, _first);
        Assert.Equal([_first.Microphone.Id], _changes);

        Talk(1500);
        Assert.Equal(_first.Microphone, _speakers.Current);
        Talk(2000);
        Assert.Equal([_first.Microphone.Id, null], _changes);
        Assert.Equal(_first.Microphone, _speakers.Latest);
    }

    [Fact]
    public void Another_takes_over_when_the_first_has_stopped()
    {
        Talk(1000, _first);
        Talk(1000, _second);

        Assert.Equal([_first.Microphone.Id, _second.Microphone.Id], _changes);
    }

    [Fact]
    public void Neither_a_knock_nor_a_short_word_nor_a_hum_takes_the_word()
    {
        Talk(1000, _first);
        for (var i = 0; i < 5; i++)
        {
            _second.Say(Louder);
            Talk(500, _first);
        }

        for (var i = 0; i < 100; i++)
        {
            _first.Say(Loud);
            _second.Say(Loud - 2);
            _network.Run(20);
        }

        Assert.Equal([_first.Microphone.Id], _changes);
    }

    [Fact]
    public void Someone_clearly_louder_takes_the_word_from_who_still_speaks()
    {
        Talk(1000, _first);
        for (var i = 0; i < 50; i++)
        {
            _first.Say(Loud);
            _second.Say(Louder);
            _network.Run(20);
        }

        Assert.Equal(_second.Microphone, _speakers.Current);
    }

    [Fact]
    public void A_quiet_room_has_no_speaker()
    {
        for (var i = 0; i < 100; i++)
        {
            _first.Say(Hum);
            _second.Say(127);
            _network.Run(20);
        }

        Assert.Empty(_changes);
    }

    [Fact]
    public void A_speech_ends_also_when_nothing_comes_any_more()
    {
        Talk(1000, _first);
        _network.Run(3000);

        Assert.Equal([_first.Microphone.Id, null], _changes);
    }

    [Fact]
    public void Muting_and_leaving_end_it_at_once_and_unmuting_lets_it_begin_again()
    {
        Talk(1000, _first);
        _first.Microphone.Pause();
        Assert.Equal([_first.Microphone.Id, null], _changes);
        Talk(1000, _first);
        Assert.Null(_speakers.Current);

        _first.Microphone.Resume(_network.Now);
        Talk(1000, _first);
        Assert.Equal(_first.Microphone, _speakers.Current);

        _first.Microphone.Close();
        Assert.Null(_speakers.Current);
        Assert.Null(_speakers.Latest);
    }

    [Fact]
    public void Sound_goes_before_a_screen_that_before_the_speakers_picture_and_that_before_the_others()
    {
        Assert.Equal((3, 2, 0), (_first.Microphone.Priority, _first.Screen.Priority, _first.Camera.Priority));

        Talk(1000, _second);
        Talk(4000);

        Assert.Equal((0, 1), (_first.Camera.Priority, _second.Camera.Priority));
    }

    /// <summary>One speaks, the others are heard as silence.</summary>
    private void Talk(int milliseconds, Person? speaker = null)
    {
        for (var i = 0; i < milliseconds; i += 20)
        {
            _first.Say(speaker == _first ? Loud : 127);
            _second.Say(speaker == _second ? Loud : 127);
            _network.Run(20);
        }
    }

    private sealed class Person
    {
        private const byte LevelId = 1;

        private readonly VirtualPeer _peer;
        private ushort _next;

        public Person(VirtualNetwork network, ActiveSpeaker speakers)
        {
            _peer = network.Connect(TransportDirection.Send);
            _peer.Incoming.Speakers = speakers;
            Microphone = _peer.Incoming.AddTrack(TestMedia.Microphone, false, MediaSource.Microphone);
            Camera = _peer.Incoming.AddTrack(TestMedia.Camera, false);
            Screen = _peer.Incoming.AddTrack(ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera(5555, 5556, "5")), false, MediaSource.Screen);
        }

        public IncomingTrack Microphone { get; }

        public IncomingTrack Camera { get; }

        public IncomingTrack Screen { get; }

        public void Say(int level)
        {
            var number = _next++;
            _peer.SendRtp(TestPackets.Rtp(
                TestMedia.MicrophonePayloadType, number, number * 960u, TestMedia.MicrophoneSsrc, [1, 2], TestPackets.OneByteExtension((LevelId, [(byte)(0x80 | level)]))));
        }
    }
}
