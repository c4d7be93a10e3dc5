import { CommandHelp, Help } from '@oclif/core/help';

const examples = `Check the spec, see what would change, change it:

  $ fdw validate
  $ fdw plan
  $ fdw apply

See it all on two PostgreSQL servers of its own:

  $ fdw demo`;

const exitCodes = `0    done, nothing to object to
1    fdw could not do its work; the message says why and what to do
2    done, and the answer is "not clean": changes pending with
     plan --detailed-exitcode, an expectation of check-pushdown missed
130  interrupted`;

/** A command's help. The usage line leaves out the flags that every command takes. */
class FdwCommandHelp extends CommandHelp {
  protected override defaultUsage(): string {
    const whole = this.command;
    const own = Object.entries(whole.flags).filter(([, flag]) => flag.helpGroup !== 'GLOBAL');
    this.command = { ...whole, flags: Object.fromEntries(own) };
    const usage = super.defaultUsage();
    this.command = whole;
    return usage;
  }
}

/** oclif's help; the overview also says how to begin and what the exit codes mean. */
export default class FdwHelp extends Help {
  protected override CommandHelpClass = FdwCommandHelp;

  protected override async showRootHelp(): Promise<void> {
    await super.showRootHelp();
    this.log(this.section('EXAMPLES', examples));
    this.log('');
    this.log(this.section('EXIT CODES', exitCodes));
    this.log('');
    this.log('`fdw COMMAND --help` says more about a command.');
  }
}
