#ifndef PROC_REPORT_H
#define PROC_REPORT_H

// Lets panic say which thread and process it was.
void proc_report_init(void);

#endif
